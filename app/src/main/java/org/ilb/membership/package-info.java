/**
 * Who is in: views of the front-end function (claims 16 to 18).
 */
package org.ilb.membership;
