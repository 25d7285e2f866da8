using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>
/// Filters and paging of a list. Without paging the order is that of the keys, as etcd gives it and ADC needs it; a page is cut from the order of
/// creation. Both are what APISIX does.
/// </summary>
internal sealed class ListQuery
{
    private const int PageSizeMin = 10;
    private const int PageSizeMax = 500;
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(250);
    private static readonly string[] RouteFields = ["service_id", "upstream_id"];

    private Regex? _name;
    private string _nameMember = "name";
    private Regex? _uri;
    private string? _label;
    private string? _plugin;
    private (string Field, string Value)[] _fields = [];
    private (int Number, int Size)? _page;

    /// <summary>The refusal, or null and <paramref name="query"/>.</summary>
    public static AdminResponse? Read(ResourceKind kind, IQueryCollection arguments, out ListQuery query)
    {
        query = new ListQuery { _label = Argument(arguments, "label"), _plugin = Argument(arguments, "plugin") };
        if (kind == ResourceKind.Consumer)
            query._nameMember = "username"; // it has no other name
        if (Pattern(arguments, "name", out query._name) is { } wrongName)
            return wrongName;
        if (Pattern(arguments, "uri", out query._uri) is { } wrongUri)
            return wrongUri;
        if (Argument(arguments, "filter") is { } filter)
        {
            // Fields that cannot be filtered by are passed over, as in APISIX; of a field given twice the last value counts.
            query._fields = [.. QueryHelpers.ParseQuery(filter).Where(field => kind == ResourceKind.Route && RouteFields.Contains(field.Key))
                .Select(field => (field.Key, field.Value[^1] ?? ""))];
        }

        if (Number(arguments, "page") is not { } page || Number(arguments, "page_size") is not { } size)
            return null;
        if (size is < PageSizeMin or > PageSizeMax)
            return AdminResponse.Text(400, $"page_size must be between {PageSizeMin} and {PageSizeMax}");
        query._page = ((int)Math.Clamp(page, 1, int.MaxValue), (int)size);
        return null;
    }

    /// <summary>The entries of the page and the number of all that pass the filters; or the refusal of a pattern that takes too long.</summary>
    public ObjectList Select(IReadOnlyList<StoreEntry> all, Predicate<StoreEntry> isJson)
    {
        List<StoreEntry> passed = new(all.Count);
        try
        {
            foreach (StoreEntry entry in all)
            {
                if (isJson(entry) && Passes(entry))
                    passed.Add(entry);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            return new ObjectList([], 0, AdminResponse.Error(400, $"invalid argument: the pattern takes longer than {PatternTimeout.TotalMilliseconds} ms"));
        }

        int total = passed.Count;
        if (_page is not { } page)
            return new ObjectList(passed, total, null);
        passed.Sort(static (left, right) => left.CreateRevision.CompareTo(right.CreateRevision));
        long skipped = (long)(page.Number - 1) * page.Size;
        return new ObjectList(skipped >= total ? [] : passed.GetRange((int)skipped, (int)Math.Min(page.Size, total - skipped)), total, null);
    }

    private bool Passes(StoreEntry entry)
    {
        if (_name is null && _uri is null && _label is null && _plugin is null && _fields.Length == 0)
            return true;
        using JsonDocument document = JsonDocument.Parse(entry.Value);
        JsonElement value = document.RootElement;
        return value.ValueKind == JsonValueKind.Object
            && (_name is null || (value.TryGetProperty(_nameMember, out JsonElement name) && Matches(_name, name)))
            && (_label is null || HoldsMember(value, "labels", _label))
            && (_plugin is null || HoldsMember(value, "plugins", _plugin))
            && (_uri is null || MatchesUri(_uri, value))
            && Array.TrueForAll(_fields, field => value.TryGetProperty(field.Field, out JsonElement member) && ObjectId.Text(member) == field.Value);
    }

    private static bool HoldsMember(JsonElement value, string property, string name) =>
        value.TryGetProperty(property, out JsonElement members) && members.ValueKind == JsonValueKind.Object && members.TryGetProperty(name, out _);

    private static bool MatchesUri(Regex pattern, JsonElement value) =>
        (value.TryGetProperty("uri", out JsonElement uri) && Matches(pattern, uri))
        || (value.TryGetProperty("uris", out JsonElement uris) && uris.ValueKind == JsonValueKind.Array && uris.EnumerateArray().Any(item => Matches(pattern, item)));

    private static bool Matches(Regex pattern, JsonElement text) => text.ValueKind == JsonValueKind.String && pattern.IsMatch(text.GetString()!);

    private static string? Argument(IQueryCollection arguments, string name) => arguments.TryGetValue(name, out var value) ? value[^1] : null;

    private static double? Number(IQueryCollection arguments, string name) =>
        double.TryParse(Argument(arguments, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static AdminResponse? Pattern(IQueryCollection arguments, string name, out Regex? pattern)
    {
        pattern = null;
        if (Argument(arguments, name) is not { Length: > 0 } text)
            return null;
        try
        {
            pattern = new Regex(text, RegexOptions.CultureInvariant, PatternTimeout);
            return null;
        }
        catch (RegexParseException exception)
        {
            return AdminResponse.Error(400, $"invalid argument {name}: not a regular expression: {exception.Message}");
        }
    }
}
