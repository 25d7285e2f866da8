using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Headgate.Core.Config.Expressions;
using Headgate.Core.Routing;

namespace Headgate.Core.Tests.Routing;

/// <summary>The matching rules written down once more, as plainly as can be: look at every route, keep what matches, take the best.</summary>
internal static class ReferenceMatcher
{
    public static RouteSnapshot? Match(IEnumerable<RouteSnapshot> routes, Sample request)
    {
        var matches =
            from route in routes
            where route.Config.Enabled && OthersHold(route, request)
            from host in route.Hosts.Count == 0 ? [null] : route.Hosts.Cast<string?>()
            let hostRank = HostRank(host?.ToLowerInvariant(), request.Host)
            where hostRank >= 0
            from uri in route.Config.Uris
            let uriRank = UriRank(uri, request.Path)
            where uriRank >= 0
            orderby hostRank descending, uriRank descending, route.Config.Priority descending, uri.Length descending,
                route.Config.Id.PadRight(9, '\0') // ids are digits here, so that padding gives the order of their bytes
            select route;
        return matches.FirstOrDefault();
    }

    /// <summary>−1 = no match; 0 = no host; else more is better.</summary>
    private static int HostRank(string? pattern, string host)
    {
        if (pattern is null)
            return 0;
        if (!pattern.StartsWith('*'))
            return pattern == host ? 100_000 : -1;
        return host.EndsWith(pattern[1..], StringComparison.Ordinal) ? pattern.Length : -1;
    }

    private static int UriRank(string pattern, string path)
    {
        int star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return pattern == path ? 100_000 : -1;
        if (!path.StartsWith(pattern[..star], StringComparison.Ordinal))
            return -1;
        if (!pattern.Contains("/*", StringComparison.Ordinal))
            return star;
        string regex = string.Join("/", pattern.Split('/').Select(segment => segment.StartsWith('*') ? "(.|\n)*" : Regex.Escape(segment)));
        return pattern.EndsWith('*') && star == pattern.Length - 1 || Regex.IsMatch(path, $"\\A{regex}\\z") ? star : -1;
    }

    private static bool OthersHold(RouteSnapshot route, Sample request) =>
        (route.Config.Methods.Count == 0 || route.Config.Methods.Items.Contains(request.Method))
        && (route.Config.RemoteAddrs.Count == 0 || route.Config.RemoteAddrs.Items.Any(range => InRange(range, request.Address)))
        && (route.Config.Vars is null || Holds(route.Config.Vars, request));

    private static bool InRange(string range, string address) =>
        range.Contains('/', StringComparison.Ordinal)
            ? IPNetwork.Parse(range).Contains(IPAddress.Parse(address))
            : IPAddress.Parse(range).Equals(IPAddress.Parse(address));

    private static bool Holds(VarsExpression expression, Sample request)
    {
        if (expression is VarsGroup group)
        {
            bool joined = group.Logic == VarsLogic.And
                ? group.Terms.Items.All(term => Holds(term, request))
                : group.Terms.Items.Any(term => Holds(term, request));
            return joined != group.Negated;
        }

        var comparison = (VarsComparison)expression;
        return Compare(request.Variable(comparison.Variable), comparison.Operator, comparison.Operand) != comparison.Negated;
    }

    private static bool Compare(string? value, VarsOperator comparison, VarsOperand operand)
    {
        double? number = value is not null && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) ? parsed : null;
        double expected = (operand as VarsNumber)?.Value ?? 0;
        return comparison switch
        {
            VarsOperator.NotEqual => !Compare(value, VarsOperator.Equal, operand),
            VarsOperator.Equal => operand switch
            {
                VarsText text => value == text.Value,
                VarsNumber => number == expected,
                VarsNull => value is null,
                _ => false,
            },
            VarsOperator.Greater => number > expected,
            VarsOperator.GreaterOrEqual => number >= expected,
            VarsOperator.Less => number < expected,
            VarsOperator.LessOrEqual => number <= expected,
            VarsOperator.Matches => value is not null && ((VarsPattern)operand).IsMatch(value),
            VarsOperator.In => ((VarsList)operand).Items.Items.OfType<VarsText>().Any(text => text.Value == value),
            VarsOperator.IpMatch => value is not null && ((VarsAddresses)operand).Ranges.Items.Any(range => range.Contains(Testing.TestRequest.Bits(value))),
            _ => false,
        };
    }
}
