/** Kinds with a few defaults each, and the columns of kinds that have little else. */
package io.manul.apiserver.kinds.misc;
