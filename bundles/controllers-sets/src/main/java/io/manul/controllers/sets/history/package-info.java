/** ControllerRevision (apps/v1): the templates that a StatefulSet or DaemonSet had, by number. */
package io.manul.controllers.sets.history;
