using Headgate.Core.Config;
using Headgate.Core.Config.Expressions;
using Headgate.Core.Routing.Conditions;

namespace Headgate.Core.Routing;

/// <summary>What a route demands besides host and path: methods, client addresses, variables. Immutable; one for all paths and hosts of the route.</summary>
internal sealed class RouteConditions
{
    /// <summary>A route that demands nothing more; shared, because most routes do.</summary>
    private static readonly RouteConditions None = new(0, [], null);

    private readonly int _methods;
    private readonly AddressRange[] _addresses;
    private readonly Condition? _vars;

    private RouteConditions(int methods, AddressRange[] addresses, Condition? vars)
    {
        _methods = methods;
        _addresses = addresses;
        _vars = vars;
        Demands = [.. ConditionCompiler.Demands(vars)];
    }

    /// <summary>Whether every request fulfils them.</summary>
    public bool IsEmpty => _methods == 0 && _addresses.Length == 0 && _vars is null;

    /// <summary>Equalities with a text without which they do not hold.</summary>
    public TextEquals[] Demands { get; }

    /// <summary>Compiles a valid route's conditions. An address that is not one (a stored object written by someone else) is in no range.</summary>
    public static RouteConditions Compile(RouteConfig route)
    {
        if (route.Methods.Count == 0 && route.RemoteAddrs.Count == 0 && route.Vars is null)
            return None;
        int methods = 0;
        foreach (string method in route.Methods)
            methods |= MethodSet.Of(System.Text.Encoding.UTF8.GetBytes(method));
        var ranges = new List<AddressRange>();
        foreach (string address in route.RemoteAddrs)
        {
            if (AddressRange.TryParse(address, out AddressRange range))
                ranges.Add(range);
        }

        Condition? vars = route.Vars is null ? null : ConditionCompiler.Compile(route.Vars);
        if ((route.RemoteAddrs.Count > 0 && ranges.Count == 0) || (route.Methods.Count > 0 && methods == 0))
            vars = NeverHolds.Instance;
        return new(methods, [.. ranges], vars);
    }

    /// <summary>Whether the request of a match fulfils them.</summary>
    public bool Hold(ref MatchContext context) =>
        (_methods == 0 || (_methods & context.Method) != 0)
        && (_addresses.Length == 0 || AddressIn.Contains(_addresses, context.Request.ClientAddress))
        && (_vars is null || _vars.Holds(ref context));
}
