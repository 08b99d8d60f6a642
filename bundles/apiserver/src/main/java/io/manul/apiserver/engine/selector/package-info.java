/** Label and field selectors, evaluated on stored bytes with as little parsing as they need. */
package io.manul.apiserver.engine.selector;
