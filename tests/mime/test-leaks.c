/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever in HTML or CSS makes a viewer fetch something, ask a name server or go somewhere:
 * without consent nothing of it is left.  With consent only pictures may be fetched. */

#include "pinion-mime-html.h"
#include "pinion-mime-message.h"

#include <string.h>

#define HOST "leak.example"
#define URL "http://" HOST "/x"

static const char *const vectors[] = {
  /* Pictures */
  "<img src=\"" URL "\">",
  "<img src='//" HOST "/x'>",
  "<img src=" URL ">",
  "<IMG SRC=HTTPS://" HOST "/x>",
  "<img src=\"\n ht\ttp://" HOST "/x\">",
  "<img src=\"\x01 " URL "\">",
  "<img src='http:\\\\" HOST "\\x'>",
  "<img src='&#104;ttp://" HOST "/x'>",
  "<img src='&#x68;&#x74;tp://" HOST "/x'>",
  "<img srcset=\"" URL " 1x, " URL " 2x\">",
  "<img lowsrc=\"" URL "\" dynsrc=\"" URL "\" longdesc=\"" URL "\">",
  "<picture><source srcset=\"" URL "\"><img src=\"" URL "\"></picture>",
  "<image src=\"" URL "\">",
  "<input type=image src=\"" URL "\">",
  "<img src=x onerror=\"fetch('" URL "')\">",
  "<img src=\"feed:" URL "\">",
  "<img src=\"view-source:" URL "\">",
  "<img usemap=\"" URL "\">",
  "<map name=m><area href=\"" URL "\" ping=\"" URL "\"></map>",
  "<img src=\"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'><image href='" URL
  "'/></svg>\">",
  "<img src=\"data:text/html,<img src=" URL ">\">",
  "<img src=\"data:image/png,x;base64,<img src=" URL ">\">",
  /* Old attributes */
  "<body background=\"" URL "\">x</body>",
  "<table background=\"" URL "\"><tr background=\"" URL "\"><td background=\"" URL "\">x</table>",
  "<td background=' \t" URL "'>x",
  /* Frames and plug-ins */
  "<iframe src=\"" URL "\"></iframe>",
  "<iframe srcdoc=\"<img src='" URL "'><link rel=preconnect href='" URL "'>\"></iframe>",
  "<frameset><frame src=\"" URL "\"></frameset>",
  "<object data=\"" URL "\"><img src=\"" URL "\"></object>",
  "<object><param name=movie value=\"" URL "\"></object>",
  "<embed src=\"" URL "\" code=\"" URL "\" pluginspage=\"" URL "\">",
  "<applet code=\"" URL "\" codebase=\"" URL "\" archive=\"" URL "\"></applet>",
  "<portal src=\"" URL "\"></portal>",
  "<fencedframe src=\"" URL "\"></fencedframe>",
  /* Sound and film */
  "<video src=\"" URL "\" poster=\"" URL "\"><track src=\"" URL "\"></video>",
  "<video><source src=\"" URL "\"></video>",
  "<audio src=\"" URL "\" autoplay><source src=\"" URL "\"></audio>",
  "<bgsound src=\"" URL "\">",
  "<marquee><img src=\"" URL "\"></marquee>",
  /* Head */
  "<link rel=stylesheet href=\"" URL "\">",
  "<link rel=preconnect href=\"" URL "\">",
  "<link rel=dns-prefetch href=\"//" HOST "\">",
  "<link rel=prefetch href=\"" URL "\"><link rel=preload as=image href=\"" URL "\">",
  "<link rel=icon href=\"" URL "\"><link rel=manifest href=\"" URL "\">",
  "<link rel=modulepreload href=\"" URL "\"><link rel=import href=\"" URL "\">",
  "<meta http-equiv=refresh content=\"0; url=" URL "\">",
  "<meta http-equiv=Content-Security-Policy content=\"report-uri " URL "\">",
  "<meta http-equiv=set-cookie content=\"a=b; domain=" HOST "\">",
  "<meta http-equiv=x-dns-prefetch-control content=on><a name=\"" URL "\">x</a>",
  "<base href=\"" URL "\"><img src=\"x.png\">",
  "<html manifest=\"" URL "\"><body>x",
  "<head profile=\"" URL "\"></head>x",
  /* Scripts */
  "<script src=\"" URL "\"></script>",
  "<script>location='" URL "'</script>",
  "<svg><script href=\"" URL "\"></script></svg>",
  "<a onclick=\"location='" URL "'\" ping=\"" URL "\">x</a>",
  "<body onload=\"location='" URL "'\">x",
  "<noscript><img src=\"" URL "\"></noscript>",
  "<template><img src=\"" URL "\"></template>",
  /* Forms */
  "<form action=\"" URL "\"><input name=a><button formaction=\"" URL "\">x</button></form>",
  "<isindex action=\"" URL "\">",
  "<textarea><img src=\"" URL "\"></textarea>",
  "<keygen keytype=\"" URL "\"><select><option value=\"" URL "\">x</select>",
  /* Drawings */
  "<svg><image href=\"" URL "\" xlink:href=\"" URL "\"/></svg>",
  "<svg><use xlink:href=\"" URL "\"/><feImage href=\"" URL "\"/></svg>",
  "<svg><style>@import '" URL "'</style><a xlink:href=\"" URL "\"><text>x</text></a></svg>",
  "<math><mi xlink:href=\"" URL "\">x</mi></math>",
  "<svg><foreignObject><img src=\"" URL "\"></foreignObject></svg>",
  /* Styles of elements */
  "<p style=\"background:url(" URL ")\">x",
  "<p style=\"background:url('" URL "')\">x",
  "<p style='background-image:url(\"" URL "\")'>x",
  "<p style=\"background:URL( " URL " )\">x",
  "<p style=\"background:u\\72l(" URL ")\">x",
  "<p style=\"background:\\75\\72\\6c(" URL ")\">x",
  "<p style=\"background:url/**/(" URL ")\">x",
  "<p style=\"background:ur/**/l(" URL ")\">x",
  "<p style=\"background:image-set('" URL "' 1x)\">x",
  "<p style=\"background:-webkit-image-set(url(" URL ") 1x)\">x",
  "<p style=\"background:cross-fade(url(" URL "),red)\">x",
  "<p style=\"background:linear-gradient(red,url(" URL "))\">x",
  "<p style=\"background:red url(" URL ") no-repeat\">x",
  "<p style=\"background:image('" URL "')\">x",
  "<p style=\"background:element(#x) '" URL "'\">x",
  "<p style=\"background:paint(x, '" URL "')\">x",
  "<p style=\"list-style:url(" URL ");list-style-image:url(" URL ")\">x",
  "<p style=\"cursor:url(" URL "),auto\">x",
  "<p style=\"content:url(" URL ")\">x",
  "<p style=\"border-image:url(" URL ");border-image-source:url(" URL ")\">x",
  "<p style=\"mask:url(" URL ");-webkit-mask-image:url(" URL ");clip-path:url(" URL ")\">x",
  "<p style=\"filter:url(" URL "#f);backdrop-filter:url(" URL "#f)\">x",
  "<p style=\"shape-outside:url(" URL ");offset-path:url(" URL ")\">x",
  "<p style=\"behavior:url(" URL ");-moz-binding:url(" URL ")\">x",
  "<p style=\"width:expression(location='" URL "')\">x",
  "<p style=\"--x:url(" URL ");background:var(--x)\">x",
  "<p style=\"src:url(" URL ")\">x",
  "<p style=\"background:attr(data-x url)\" data-x=\"" URL "\">x",
  "<p style=\"font-family:'" URL "'\">x",
  "<p style=\"@import '" URL "'\">x",
  "<p style=\"color:red;}</style><img src='" URL "'>\">x",
  "<p style='background:url(javascript:fetch(\"" URL "\"))'>x",
  /* Sheets */
  "<style>@import '" URL "';</style>x",
  "<style>@import url(" URL ") screen;</style>x",
  "<style>@\\69mport '" URL "';</style>x",
  "<style>@IMPORT/**/'" URL "';</style>x",
  "<style>@media x{@import '" URL "';p{background:url(" URL ")}}</style>x",
  "<style>@font-face{font-family:x;src:url(" URL ")}p{font-family:x}</style>x",
  "<style>@namespace url(" URL ");@charset '" URL "';</style>x",
  "<style>@keyframes k{to{background:url(" URL ")}}</style>x",
  "<style>@supports(color:red){p{background:url(" URL ")}}</style>x",
  "<style>@page{background:url(" URL ")}@layer a{p{background:url(" URL ")}}</style>x",
  "<style>p{background:url(" URL ")}</style>x",
  "<style>p{background:u\\rl(" URL ")}</style>x",
  "<style>p::before{content:url(" URL ")}</style>x",
  "<style>input[value^=a]{background:url(" URL ")}</style>x",
  "<style>p{background:url('" URL "</style>x",
  "<style><!-- p{background:url(" URL ")} --></style>x",
  "<style>p[title=\"x{}@import '" URL "'\"]{color:red}</style>x",
  "<style>/*</style><img src=\"" URL "\"><style>*/</style>x",
  "<style></style ><img src=\"" URL "\">x",
  "<svg><style>p{background:url(" URL ")}</style></svg>x",
  /* Broken on purpose */
  "<!--><img src=\"" URL "\">-->",
  "<!--[if IE]><img src=\"" URL "\"><![endif]-->",
  "<![CDATA[<img src=\"" URL "\">]]>",
  "<?xml-stylesheet href=\"" URL "\"?>",
  "<!DOCTYPE html SYSTEM \"" URL "\"><p>x",
  "<!DOCTYPE x [<!ENTITY e SYSTEM \"" URL "\">]><p>&e;",
  "<img\x0csrc=\"" URL "\">",
  "<img/src=\"" URL "\"/>",
  "<img src=\"" URL "\" <p>",
  "<<img src=\"" URL "\">>",
  "<x:img src=\"" URL "\" xmlns:x=\"" URL "\">",
  "<xmp><img src=\"" URL "\"></xmp>",
  "<a href=\"javascript:fetch('" URL "')\">x</a>",
  "<a href=\"data:text/html,<img src=" URL ">\">x</a>",
  "<a href=\"file://" HOST "/x\">x</a>",
  "<a href=\"smb://" HOST "/x\">x</a>",
  "<a href=\"//" HOST "/x\">x</a>",
  "<a href=\"feed:" URL "\" target=_blank download=\"" URL "\">x</a>",
  "<blockquote cite=\"" URL "\">x</blockquote><del cite=\"" URL "\">y</del>",
  "<q cite=\"" URL "\">z</q>",
  "<table><tr><td><bgsound src=\"" URL "\"><img src=\"" URL "\"></table>",
  "<div itemscope itemtype=\"" URL "\" itemid=\"" URL "\">x</div>",
  "<details ontoggle=\"fetch('" URL "')\" open>x</details>",
  "<dialog open><img src=\"" URL "\"></dialog>",
};

static void
test_nothing_fetches (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    for (guint variant = 0; variant < 4; variant++)
      {
        PinionHtmlOptions options = { .dark = variant & 1, .fold_quotes = (variant & 2) != 0 };
        g_autofree char *safe = pinion_html_make_safe (vectors[i], &options, NULL);
        g_autofree char *quoted = pinion_html_quote_safe (vectors[i], NULL);

        if (strstr (safe, HOST) != NULL || strstr (quoted, HOST) != NULL)
          g_error ("\"%s\" leaks: %s", vectors[i], safe);
      }
}

/* All in one document, where an unclosed one could open the door for the next. */
static void
test_nothing_fetches_together (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2026);

  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (GString) html = g_string_new (NULL);
      PinionHtmlOptions options = { .dark = round & 1, .fold_quotes = TRUE };
      g_autofree char *safe = NULL;

      for (guint n = 0; n < 12; n++)
        {
          const char *vector = vectors[g_rand_int_range (random, 0, G_N_ELEMENTS (vectors))];
          gsize length = strlen (vector);

          /* Every third one is cut in the middle */
          if (n % 3 == 0)
            length = (gsize) g_rand_int_range (random, 1, (gint32) length);
          g_string_append_len (html, vector, (gssize) length);
        }
      safe = pinion_html_make_safe (html->str, &options, NULL);
      for (const char *p = safe; (p = strstr (p, HOST)) != NULL; p++)
        {
          /* Words between tags are only words */
          const char *open = p;

          while (*open != '<' && *open != '>')
            open--;
          if (*open == '<' || g_str_has_prefix (open - 6, "<style>"))
            g_error ("leaks: %s\nout of: %s", safe, html->str);
        }
    }
}

/* Consent is for pictures: what else fetches stays out. */
static void
test_consent_is_for_pictures (void)
{
  static const char *const kept[] = { "<img ", "background", "list-style" };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      PinionHtmlOptions options = { .allow_remote_images = TRUE };
      g_autofree char *safe = pinion_html_make_safe (vectors[i], &options, NULL);

      for (const char *p = safe; (p = strstr (p, HOST)) != NULL; p++)
        {
          const char *start = p;
          gboolean is_picture = FALSE;

          while (start > safe && *start != '<' && *start != '{' && *start != '}')
            start--;
          for (gsize j = 0; j < G_N_ELEMENTS (kept); j++)
            is_picture = is_picture || g_strstr_len (start, p - start, kept[j]) != NULL;
          if (!is_picture)
            g_error ("\"%s\" leaks: %s", vectors[i], safe);
        }
    }
}

/* The words of a mail, as in a list, a notification or a reply, name what they name, but never as
 * markup. */
static void
test_text_has_no_markup (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *text = pinion_html_to_text (vectors[i]);

      g_assert_true (g_utf8_validate (text, -1, NULL));
      g_assert_null (strstr (text, "<script"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();
  g_assert_cmpuint (G_N_ELEMENTS (vectors), >=, 80);

  g_test_add_func ("/mime/leaks/nothing-fetches", test_nothing_fetches);
  g_test_add_func ("/mime/leaks/nothing-fetches-together", test_nothing_fetches_together);
  g_test_add_func ("/mime/leaks/consent-is-for-pictures", test_consent_is_for_pictures);
  g_test_add_func ("/mime/leaks/text-has-no-markup", test_text_has_no_markup);

  return g_test_run ();
}
