/** Job: pods until enough of them succeeded, each counted exactly once (batch/v1 Job). */
package io.manul.controllers.batch.job;
