/** Pod and everything that holds a pod template's spec. */
package io.manul.apiserver.kinds.pod;
