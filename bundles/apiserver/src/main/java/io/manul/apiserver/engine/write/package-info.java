/** The way of a write: decode, default, admit, prepare, validate, store (DESIGN.md, the way of the data). */
package io.manul.apiserver.engine.write;
