/** Control groups of pods, v1 and v2. */
package io.manul.kubelet.cgroup;
