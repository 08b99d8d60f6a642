/** What the engine knows of a resource when a request names it: built in or custom, its stored version, its model. */
package io.manul.apiserver.engine.kind;
