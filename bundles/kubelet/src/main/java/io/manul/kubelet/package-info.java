/** The room kubelet: the Component, and how its parts are put together. */
package io.manul.kubelet;
