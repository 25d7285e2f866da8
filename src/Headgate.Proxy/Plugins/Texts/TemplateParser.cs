using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Texts;

/// <summary>Compiles templates. Source: APISIX's <c>redirect.lua</c> and <c>core/utils.lua</c> resolve_var, lua-nginx-module's <c>ngx.re.sub</c>.</summary>
internal static partial class TemplateParser
{
    /// <summary>A location of <c>redirect</c>: <c>$name</c> and <c>${name}</c>. A variable that the request lacks is empty; behind a backslash a dollar is text, and the backslash stays.</summary>
    public static RequestTemplate Location(string text) => Parse(text, LocationVariable(), hasGroups: false);

    /// <summary>A value of most other plugins: as <see cref="Location"/>, and <c>${name ?? text}</c> says what stands for a variable that the request lacks.</summary>
    public static RequestTemplate Value(string text) => Parse(text, ValueVariable(), hasGroups: false);

    /// <summary>As <see cref="Value"/>; <c>$1</c> and <c>${1}</c> are captures.</summary>
    public static RequestTemplate ValueWithGroups(string text) => Parse(text, ValueVariable(), hasGroups: true);

    /// <summary>What stands in for a match: <c>$1</c>, <c>${1}</c>, <c>$0</c> the whole match, <c>$$</c> a dollar. Null, with the reason, when another dollar is in it.</summary>
    public static RequestTemplate? Replacement(string text, out string? error)
    {
        var parts = new List<TemplatePart>();
        int from = 0;
        error = null;
        for (int at = text.IndexOf('$'); at >= 0; at = text.IndexOf('$', from))
        {
            Match match = ReplacementDollar().Match(text, at);
            if (!match.Success)
            {
                error = $"the dollar at offset {at} names no capture; allowed: $0 to $99, ${{1}}, and $$ for a dollar";
                return null;
            }

            AddText(parts, text[from..at]);
            if (match.Groups["group"] is { Success: true } group)
                parts.Add(new TemplatePart([], Group: int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)));
            else
                AddText(parts, "$");
            from = at + match.Length;
        }

        AddText(parts, text[from..]);
        return new RequestTemplate([.. parts]);
    }

    private static RequestTemplate Parse(string text, Regex variables, bool hasGroups)
    {
        var parts = new List<TemplatePart>();
        int from = 0;
        foreach (Match match in variables.Matches(text))
        {
            AddText(parts, text[from..match.Index]);
            from = match.Index + match.Length;
            string name = match.Groups["name"].Value;
            if (hasGroups && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int group))
                parts.Add(new TemplatePart([], Group: group));
            else
                parts.Add(new TemplatePart(Encoding.UTF8.GetBytes(match.Groups["default"].Value), RequestVariable.Parse(name)));
        }

        AddText(parts, text[from..]);
        return new RequestTemplate([.. parts]);
    }

    private static void AddText(List<TemplatePart> parts, string text)
    {
        if (text.Length > 0)
            parts.Add(new TemplatePart(Encoding.UTF8.GetBytes(text)));
    }

    [GeneratedRegex(@"(?<!\\)\$(?:\{(?<name>[0-9a-zA-Z_]+)(?<default>)\}|(?<name>[0-9a-zA-Z_]+))")]
    private static partial Regex LocationVariable();

    [GeneratedRegex(@"(?<!\\)\$(?:\{\s*(?<name>[^}?\s]+)\s*(?:\?\?\s*(?<default>[^}]*?)\s*)?\}|(?<name>[0-9a-zA-Z_.]+))")]
    private static partial Regex ValueVariable();

    [GeneratedRegex(@"\G\$(?:(?<group>[0-9]{1,2})|\{(?<group>[0-9]{1,2})\}|\$)")]
    private static partial Regex ReplacementDollar();
}
