using System.Globalization;

namespace Headgate.Control.FleetHealth;

/// <summary>How the instances of a gateway group see a node: each says <c>up</c>, <c>down</c> or <c>out</c>, or nothing. Add them in the order of their ids.</summary>
internal sealed class SeenStates
{
    /// <summary>The instance was heard by nobody, or did not answer: it counts neither way.</summary>
    public const string Unknown = "unknown";

    /// <summary>The instance does not serve the node: it counts neither way.</summary>
    public const string NotServed = "not_served";

    private const string Up = "up";
    private const string Partial = "partial";

    /// <summary>Instances named in a text.</summary>
    private const int NamedMax = 10;

    private static readonly string[] Judgements = ["down", "out"];

    private readonly Dictionary<string, List<string>> _others = new(StringComparer.Ordinal);
    private string? _firstUp;
    private int _up;

    /// <summary>What they say when they agree, else <c>partial</c>; <see cref="Unknown"/> when nobody says anything.</summary>
    public string State => (_up, Others) switch
    {
        (0, []) => Unknown,
        (_, []) => Up,
        (0, [var only]) => only,
        _ => Partial,
    };

    /// <summary><c>up from all 3</c>, <c>down from gw-2 only</c>, <c>up from 1 of 3: down from gw-1, gw-2; unknown from gw-4</c>.</summary>
    public string Text => string.Join("; ", [.. State == Unknown ? (string[])[] : [Counted()], .. Aside(Unknown, "unknown from"), .. Aside(NotServed, "not served by")]);

    private string[] Others => [.. Judgements.Where(_others.ContainsKey)];

    /// <summary>An instance sees it so.</summary>
    public void Add(string instance, string state)
    {
        if (state == Up)
        {
            _firstUp ??= instance;
            _up++;
            return;
        }

        if (!_others.TryGetValue(state, out List<string>? instances))
            _others[state] = instances = [];
        instances.Add(instance);
    }

    /// <summary>So many more see it up.</summary>
    public void AddUp(int instances) => _up += instances;

    private string Counted()
    {
        string[] others = Others;
        int notUp = others.Sum(state => _others[state].Count);
        int all = _up + notUp;
        if (_up > 0 && notUp == 1)
            return $"{From(others[0])} only";
        if (_up == 0 && others.Length == 1)
            return all == 1 ? From(others[0]) : string.Create(CultureInfo.InvariantCulture, $"{others[0]} from all {all}");
        if (notUp == 0)
            return all == 1 && _firstUp is not null ? $"{Up} from {_firstUp}" : string.Create(CultureInfo.InvariantCulture, $"{Up} from all {all}");
        return string.Create(CultureInfo.InvariantCulture, $"{Up} from {_up} of {all}: {string.Join(", ", others.Select(From))}");
    }

    private IEnumerable<string> Aside(string state, string words) => _others.TryGetValue(state, out List<string>? instances) ? [$"{words} {Named(instances)}"] : [];

    private string From(string state) => $"{state} from {Named(_others[state])}";

    private static string Named(List<string> instances)
    {
        string named = string.Join(", ", instances.Take(NamedMax));
        int more = instances.Count - NamedMax;
        return more > 0 ? string.Create(CultureInfo.InvariantCulture, $"{named} and {more} more") : named;
    }
}
