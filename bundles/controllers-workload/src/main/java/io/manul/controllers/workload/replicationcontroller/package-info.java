/** ReplicationController (v1). */
package io.manul.controllers.workload.replicationcontroller;
