namespace Headgate.Core.Config.Expressions;

/// <summary>Comparisons of a variable with a constant. Written in any letter case (<c>IN</c>, <c>in</c>).</summary>
public enum VarsOperator
{
    /// <summary><c>==</c>: equal. Operand: text, number, boolean or null (null: the variable is absent). With a number the variable is read as a number.</summary>
    Equal,

    /// <summary><c>~=</c>: not equal, and true for an absent variable. Operand as <see cref="Equal"/>.</summary>
    NotEqual,

    /// <summary><c>&gt;</c>: as numbers; false when the variable is not one. Operand: number.</summary>
    Greater,

    /// <summary><c>&gt;=</c>: as <see cref="Greater"/>.</summary>
    GreaterOrEqual,

    /// <summary><c>&lt;</c>: as <see cref="Greater"/>.</summary>
    Less,

    /// <summary><c>&lt;=</c>: as <see cref="Greater"/>.</summary>
    LessOrEqual,

    /// <summary><c>~~</c>, and <c>~*</c> without regard to case: a regular expression found anywhere in the variable. Operand: pattern.</summary>
    Matches,

    /// <summary><c>in</c>: the variable equals one of a list. Operand: list.</summary>
    In,

    /// <summary><c>has</c>: the variable is a list that holds the constant. Operand: text, number or boolean.</summary>
    Has,

    /// <summary><c>ipmatch</c>: the variable is an address in one of the ranges. Operand: addresses.</summary>
    IpMatch,
}
