/** Job and CronJob. */
package io.manul.apiserver.kinds.batch;
