/** DaemonSet (apps/v1). */
package io.manul.controllers.sets.daemonset;
