/** The three ways to patch: JSON patch, merge patch, strategic merge patch. */
package io.manul.apiserver.engine.patch;
