/** Go's template language (pkg.go.dev/text/template): lexer, parser, evaluator. */
package io.manul.helm.template.lang;
