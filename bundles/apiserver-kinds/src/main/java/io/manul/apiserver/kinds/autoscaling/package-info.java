/** autoscaling: HorizontalPodAutoscaler. */
package io.manul.apiserver.kinds.autoscaling;
