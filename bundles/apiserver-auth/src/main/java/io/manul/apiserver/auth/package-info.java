/** Who asks, and whether they may: authentication, RBAC and Node authorization, admission, access reviews. */
package io.manul.apiserver.auth;
