/** The StatefulSet and DaemonSet controllers (Kubernetes API apps/v1). */
package io.manul.controllers.sets;
