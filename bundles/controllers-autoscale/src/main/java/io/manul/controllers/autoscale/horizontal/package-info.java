/** HorizontalPodAutoscaler: as many pods as its metrics ask for (autoscaling/v2). */
package io.manul.controllers.autoscale.horizontal;
