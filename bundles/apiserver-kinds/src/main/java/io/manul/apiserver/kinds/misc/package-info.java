/** Kinds with a few defaults each. */
package io.manul.apiserver.kinds.misc;
