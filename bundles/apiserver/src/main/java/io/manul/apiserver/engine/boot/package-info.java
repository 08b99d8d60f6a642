/** What an empty store is filled with, and what is kept true at every start. */
package io.manul.apiserver.engine.boot;
