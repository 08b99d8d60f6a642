/** The horizontal pod autoscaler (Kubernetes API autoscaling/v2). */
package io.manul.controllers.autoscale;
