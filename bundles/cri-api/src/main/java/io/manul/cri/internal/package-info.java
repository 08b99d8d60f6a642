/** Registers the one delegate that every caller of the container runtime holds. */
package io.manul.cri.internal;
