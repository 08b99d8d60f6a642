/** Go's values in Java: types and their names, strings as bytes, printing, JSON, YAML. */
package io.manul.helm.template.go;
