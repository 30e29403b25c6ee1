"""What the departments of the demo company say of its large orders."""

from approvals.states import StepKind

#: What the departments find of a major or special order (R2.4).
OPINIONS = {
    StepKind.JOINT_SALES: "客户年度重点项目，价格与条款已谈妥",
    StepKind.JOINT_PRODUCTION: "二号线产能可安排，需提前备料",
    StepKind.JOINT_LOGISTICS: "分两车发运，包装按出口标准",
    StepKind.JOINT_FINANCE: "客户近一年付款及时，额度可控",
    StepKind.JOINT_TECHNICAL: "图纸齐全，工艺无变化",
}
