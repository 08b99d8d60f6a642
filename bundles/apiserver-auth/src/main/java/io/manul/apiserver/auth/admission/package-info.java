/** Admission plug-ins, one class each (Kubernetes, Admission Controllers). */
package io.manul.apiserver.auth.admission;
