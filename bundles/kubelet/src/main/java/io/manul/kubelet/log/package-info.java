/** Container logs in the CRI's format: read, followed, rotated. */
package io.manul.kubelet.log;
