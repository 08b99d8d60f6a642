/** Event. */
package io.manul.apiserver.kinds.event;
