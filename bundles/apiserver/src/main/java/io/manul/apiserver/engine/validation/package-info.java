/** What every object must satisfy: the types of its schema, and the rules of metadata. */
package io.manul.apiserver.engine.validation;
