/** The status of a pod, computed from what runs (API reference, PodStatus). */
package io.manul.kubelet.status;
