namespace Headgate.Core.Config.Expressions;

/// <summary>How the terms of a <see cref="VarsGroup"/> are joined.</summary>
public enum VarsLogic
{
    /// <summary>Every term must hold.</summary>
    And,

    /// <summary>At least one term must hold.</summary>
    Or,
}
