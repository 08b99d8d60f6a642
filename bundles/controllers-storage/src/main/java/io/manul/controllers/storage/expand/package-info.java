/** Larger claims (Kubernetes, "Expanding Persistent Volumes Claims"). */
package io.manul.controllers.storage.expand;
