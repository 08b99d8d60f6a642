/** ResourceQuota (core/v1): what is used of it. */
package io.manul.controllers.quota;
