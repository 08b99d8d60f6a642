/** The Job, CronJob and TTL-after-finished controllers (Kubernetes API batch/v1). */
package io.manul.controllers.batch;
