/** RBAC and Node authorization, and the default policy. */
package io.manul.apiserver.auth.rbac;
