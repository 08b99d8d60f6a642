/** All kinds' own rules: a folder per family, defaults and validation as the API reference (v1.36) states them. */
package io.manul.apiserver.kinds;
