/** Images: pull policies, credentials, back-off (Kubernetes, "Images"). */
package io.manul.kubelet.image;
