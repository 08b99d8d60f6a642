/** The functions of templates by table: Sprig's (masterminds.github.io/sprig) and Helm's ("Template Function List"). */
package io.manul.helm.template.functions;
