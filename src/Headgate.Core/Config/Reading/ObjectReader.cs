using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config.Expressions;

namespace Headgate.Core.Config.Reading;

/// <summary>
/// Reads the members of one JSON object: reports each wrong one with its place, and knows at the end which members nobody asked for.
/// An empty list counts as an empty object and the other way round, because Lua clients cannot tell them apart. Not thread-safe.
/// </summary>
public sealed class ObjectReader
{
    private readonly JsonElement _object;
    private readonly List<string> _known = new(8);
    private int _found;

    private ObjectReader(JsonElement value, Location at, Findings findings) => (_object, At, Findings) = (value, at, findings);

    /// <summary>Where the object is.</summary>
    public Location At { get; }

    /// <summary>Where problems go.</summary>
    public Findings Findings { get; }

    /// <summary>Null, and reported, when <paramref name="value"/> is no object.</summary>
    public static ObjectReader? Open(JsonElement value, Location at, Findings findings)
    {
        if (value.ValueKind == JsonValueKind.Object || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
            return new ObjectReader(value, at, findings);

        JsonValues.WrongType("object", value, at, findings);
        return null;
    }

    /// <summary>Whether the member is there, whatever it is.</summary>
    public bool Has(string name) => _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(name, out _);

    /// <summary>Reports the member when it is not there.</summary>
    public void Require(string name)
    {
        if (!Has(name))
            Findings.Schema(At, $"property {LuaText.Quote(name)} is required");
    }

    /// <summary>The member as it is; from then on it counts as known.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        _known.Add(name);
        value = default;
        if (_object.ValueKind != JsonValueKind.Object || !_object.TryGetProperty(name, out value))
            return false;

        _found++;
        return true;
    }

    /// <summary>A text of <paramref name="min"/> to <paramref name="max"/> characters. Null when it is absent or wrong, as all that follow.</summary>
    public string? Text(string name, int min = 0, int max = int.MaxValue) =>
        TryGet(name, out JsonElement value) ? JsonValues.Text(value, At.Property(name), Findings, min, max) : null;

    /// <summary>A whole number; both limits are allowed.</summary>
    public int? Integer(string name, int min = int.MinValue, int max = int.MaxValue) =>
        TryGet(name, out JsonElement value) ? JsonValues.Integer(value, At.Property(name), Findings, min, max) : null;

    /// <summary>A number.</summary>
    public double? Number(string name) =>
        TryGet(name, out JsonElement value) ? JsonValues.Number(value, At.Property(name), Findings) : null;

    /// <summary>A number; both limits are allowed.</summary>
    public double? Number(string name, double min, double max) =>
        TryGet(name, out JsonElement value) ? JsonValues.Number(value, At.Property(name), Findings, min, max) : null;

    /// <summary>A time, written as a number of seconds. <paramref name="aboveZero"/>: zero itself is refused.</summary>
    public TimeSpan? Duration(string name, bool aboveZero) =>
        TryGet(name, out JsonElement value) ? JsonValues.Duration(value, At.Property(name), Findings, aboveZero) : null;

    /// <summary>True or false.</summary>
    public bool? Flag(string name) =>
        TryGet(name, out JsonElement value) ? JsonValues.Flag(value, At.Property(name), Findings) : null;

    /// <summary>One of <paramref name="allowed"/>.</summary>
    public string? Choice(string name, ImmutableArray<string> allowed) =>
        TryGet(name, out JsonElement value) ? JsonValues.Choice(value, At.Property(name), Findings, allowed) : null;

    /// <summary>A host, as <see cref="JsonValues.Host"/>.</summary>
    public string? Host(string name) =>
        TryGet(name, out JsonElement value) ? JsonValues.Host(value, At.Property(name), Findings) : null;

    /// <summary>An id, as <see cref="JsonValues.Id"/>.</summary>
    public string? Id(string name) =>
        TryGet(name, out JsonElement value) ? JsonValues.Id(value, At.Property(name), Findings) : null;

    /// <summary>An upstream written there, without an id.</summary>
    public UpstreamConfig? Upstream(string name) =>
        TryGet(name, out JsonElement value) ? UpstreamReader.Read("", value, At.Property(name), Findings) : null;

    /// <summary>A condition over a request's variables, as a route's <c>vars</c>.</summary>
    public VarsExpression? Vars(string name)
    {
        if (!TryGet(name, out JsonElement value))
            return null;

        Location at = At.Property(name);
        if (value.ValueKind != JsonValueKind.Array && (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() > 0))
        {
            JsonValues.WrongType("array", value, at, Findings);
            return null;
        }

        VarsExpression? vars = VarsExpression.Parse(value, out string? error);
        if (error is not null)
            Findings.Add(Phase.Check, at, $"failed to validate the 'vars' expression: {error}");
        return vars;
    }

    /// <summary>A reader of the object there.</summary>
    public ObjectReader? Object(string name) =>
        TryGet(name, out JsonElement value) ? Open(value, At.Property(name), Findings) : null;

    /// <summary>The items of a list, each read by <paramref name="read"/>; those that could not be read are left out. Null when the member is absent or no list.</summary>
    public ImmutableArray<T>? Items<T>(string name, int min, bool unique, ItemReader<T> read)
    {
        if (!TryGet(name, out JsonElement value))
            return null;

        Location at = At.Property(name);
        bool empty = value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0;
        if (value.ValueKind != JsonValueKind.Array && !empty)
        {
            JsonValues.WrongType("array", value, at, Findings);
            return null;
        }

        int count = empty ? 0 : value.GetArrayLength();
        if (count < min)
            Findings.Schema(at, string.Create(CultureInfo.InvariantCulture, $"expect array to have at least {min} items"));

        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>(count);
        var firsts = unique ? new Dictionary<string, int>(count) : null;
        string? equal = null;
        // By enumeration: finding an item by its index walks over all those before it.
        int index = 0;
        foreach (JsonElement element in empty ? default : value.EnumerateArray())
        {
            index++;
            if (!read(element, at.Item(index - 1), Findings, out T item))
                continue;

            items.Add(item);
            if (firsts is not null && !firsts.TryAdd(item!.ToString()!, index))
                equal ??= string.Create(CultureInfo.InvariantCulture, $"expected unique items but items {firsts[item.ToString()!]} and {index} are equal");
        }

        if (equal is not null)
            Findings.Schema(at, equal);
        return items.ToImmutable();
    }

    /// <summary>Refuses the members that nobody asked for.</summary>
    public void ForbidOthers()
    {
        foreach (string name in Others())
        {
            string hint = NearestName.Find(name, _known) is { } nearest ? $" (did you mean {nearest}?)" : "";
            Findings.Schema(At, $"additional properties forbidden, found {LuaText.Clip(name)}{hint}");
        }
    }

    /// <summary>Notes the members that nobody asked for, where APISIX lets anything pass.</summary>
    public void WarnOthers()
    {
        foreach (string name in Others())
        {
            string hint = NearestName.Find(name, _known) is { } nearest ? $" (did you mean {nearest}?)" : "";
            Location at = At.Property(name);
            Findings.Warn(at, $"{at.Path} is not known here and has no effect{hint}");
        }
    }

    private IEnumerable<string> Others()
    {
        // Usually every member was asked for, and counting shows it without comparing names.
        if (_object.ValueKind != JsonValueKind.Object || _object.GetPropertyCount() == _found)
            return [];

        return _object.EnumerateObject().Select(property => property.Name).Where(name => !_known.Contains(name)).Distinct();
    }
}
