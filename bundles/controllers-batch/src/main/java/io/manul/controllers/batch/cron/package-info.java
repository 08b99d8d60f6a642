/** CronJob: a Job at each time of its schedule (batch/v1 CronJob). */
package io.manul.controllers.batch.cron;
