/** TTL after finished: ended Jobs go when their time is over (Kubernetes, "Automatic Cleanup for Finished Jobs"). */
package io.manul.controllers.batch.ttl;
