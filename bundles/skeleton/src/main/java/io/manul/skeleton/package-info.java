/** Copied to begin a new room: one sentence of purpose here, the Kubernetes or OSGi text that it implements beside it. */
package io.manul.skeleton;
