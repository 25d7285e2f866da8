namespace Headgate.Proxy.Plugins.Limits;

/// <summary>What the <c>key</c> of a limit is.</summary>
public enum LimitKeyType
{
    /// <summary><c>var</c>: a variable's name.</summary>
    Variable,

    /// <summary><c>var_combination</c>: text with <c>$variable</c> in it.</summary>
    Combination,

    /// <summary><c>constant</c>: the same for all requests.</summary>
    Constant,
}
