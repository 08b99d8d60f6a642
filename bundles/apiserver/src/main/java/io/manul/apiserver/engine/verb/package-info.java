/** The verbs of the API, one class each, and the one path that every write takes. */
package io.manul.apiserver.engine.verb;
