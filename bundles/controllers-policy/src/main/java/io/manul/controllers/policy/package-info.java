/** The disruption controller (Kubernetes API policy/v1). */
package io.manul.controllers.policy;
