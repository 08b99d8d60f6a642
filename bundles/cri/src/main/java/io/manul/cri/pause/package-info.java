/** Our own pause image: a static program of a few hundred bytes, made here. */
package io.manul.cri.pause;
